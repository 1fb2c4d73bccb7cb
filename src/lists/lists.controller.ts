import {
  Body,
  Controller,
  Delete,
  Get,
  HttpCode,
  Param,
  Patch,
  Post,
  Put,
  Query,
} from '@nestjs/common';
import { type AuthenticatedUser, CurrentUser } from '../auth/index.js';
import { UuidPipe } from '../http/index.js';
import { Idempotent } from '../idempotency/index.js';
import {
  MoveDto,
  type Precondition,
  Preconditions,
  HistoryDto,
  HistoryQuery,
  ResourceResponse,
  Respond,
  RevertDto,
  RespondConditionally,
} from '../resource/index.js';
import { DeleteListQuery } from './delete-list.query.js';
import { CreateListDto, ListDto, ListPageDto, ReplaceListDto, UpdateListDto } from './list.dto.js';
import { GetListQuery, ListListsQuery } from './list-lists.query.js';
import { ListsApi } from './lists.openapi.js';
import { ListsService } from './lists.service.js';

@ListsApi.controller()
@Controller('api/v1/lists')
export class ListsController {
  constructor(private readonly service: ListsService) {}

  @ListsApi.create()
  @Idempotent()
  @Post()
  create(
    @CurrentUser() user: AuthenticatedUser,
    @Body() dto: CreateListDto,
    @Respond() response: ResourceResponse,
  ): Promise<ListDto | undefined> {
    return response.one(this.service.create(user, dto));
  }

  @ListsApi.list()
  @Get()
  list(
    @CurrentUser() user: AuthenticatedUser,
    @Query() query: ListListsQuery,
    @Respond() response: ResourceResponse,
  ): Promise<ListPageDto> {
    return response.page(this.service.list(user, query));
  }

  @ListsApi.get()
  @Get(':id')
  get(
    @CurrentUser() user: AuthenticatedUser,
    @Param('id', UuidPipe) id: string,
    @Query() query: GetListQuery,
    @RespondConditionally() response: ResourceResponse,
  ): Promise<ListDto | undefined> {
    return response.one(this.service.get(user, id, query));
  }

  @ListsApi.replace(ReplaceListDto)
  @Put(':id')
  replace(
    @CurrentUser() user: AuthenticatedUser,
    @Param('id', UuidPipe) id: string,
    @Body() dto: ReplaceListDto,
    @Preconditions() precondition: Precondition,
    @Respond() response: ResourceResponse,
  ): Promise<ListDto | undefined> {
    return response.one(this.service.change(user, id, dto, precondition));
  }

  @ListsApi.update(UpdateListDto)
  @Patch(':id')
  update(
    @CurrentUser() user: AuthenticatedUser,
    @Param('id', UuidPipe) id: string,
    @Body() dto: UpdateListDto,
    @Preconditions() precondition: Precondition,
    @Respond() response: ResourceResponse,
  ): Promise<ListDto | undefined> {
    return response.one(this.service.change(user, id, dto, precondition));
  }

  @ListsApi.move(MoveDto)
  @Idempotent()
  @Post(':id/move')
  @HttpCode(200)
  move(
    @CurrentUser() user: AuthenticatedUser,
    @Param('id', UuidPipe) id: string,
    @Body() dto: MoveDto,
    @Preconditions() precondition: Precondition,
    @Respond() response: ResourceResponse,
  ): Promise<ListDto | undefined> {
    return response.one(this.service.move(user, id, dto, precondition));
  }

  @ListsApi.restore()
  @Idempotent()
  @Post(':id/restore')
  @HttpCode(200)
  restore(
    @CurrentUser() user: AuthenticatedUser,
    @Param('id', UuidPipe) id: string,
    @Preconditions() precondition: Precondition,
    @Respond() response: ResourceResponse,
  ): Promise<ListDto | undefined> {
    return response.one(this.service.restore(user, id, precondition));
  }

  @ListsApi.history()
  @Get(':id/history')
  history(
    @CurrentUser() user: AuthenticatedUser,
    @Param('id', UuidPipe) id: string,
    @Query() query: HistoryQuery,
    @Respond() response: ResourceResponse,
  ): Promise<HistoryDto> {
    return response.page(this.service.history(user, id, query));
  }

  @ListsApi.revert()
  @Idempotent()
  @Post(':id/revert')
  @HttpCode(200)
  revert(
    @CurrentUser() user: AuthenticatedUser,
    @Param('id', UuidPipe) id: string,
    @Body() dto: RevertDto,
    @Preconditions() precondition: Precondition,
    @Respond() response: ResourceResponse,
  ): Promise<ListDto | undefined> {
    return response.one(this.service.revert(user, id, dto, precondition));
  }

  @ListsApi.delete()
  @Delete(':id')
  @HttpCode(204)
  delete(
    @CurrentUser() user: AuthenticatedUser,
    @Param('id', UuidPipe) id: string,
    @Query() query: DeleteListQuery,
    @Preconditions() precondition: Precondition,
  ): Promise<void> {
    return this.service.delete(user, id, query, precondition);
  }
}
