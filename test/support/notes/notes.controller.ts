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
import { type AuthenticatedUser, CurrentUser } from '../../../src/auth/index.js';
import { UuidPipe } from '../../../src/http/index.js';
import { Idempotent, REPLAYED } from '../../../src/idempotency/index.js';
import {
  type Precondition,
  Preconditions,
  ResourceApi,
  type ResourceResponse,
  Respond,
  RespondConditionally,
} from '../../../src/resource/index.js';
import {
  CreateNoteDto,
  DeleteNoteQuery,
  ListNotesQuery,
  NoteDto,
  NotePageDto,
  ReplaceNoteDto,
  UpdateNoteDto,
} from './note.dto.js';
import { NotesService } from './notes.service.js';

const NotesApi = new ResourceApi({
  noun: 'Note',
  plural: 'Notes',
  path: '/api/v1/notes',
  notFound: 'task_not_found',
  type: NoteDto,
  page: NotePageDto,
  replayed: REPLAYED,
});

@NotesApi.controller()
@Controller('api/v1/notes')
export class NotesController {
  constructor(private readonly service: NotesService) {}

  @NotesApi.create()
  @Idempotent()
  @Post()
  create(
    @CurrentUser() user: AuthenticatedUser,
    @Body() dto: CreateNoteDto,
    @Respond() response: ResourceResponse,
  ): Promise<NoteDto | undefined> {
    return response.one(this.service.create(user, dto));
  }

  @NotesApi.list()
  @Get()
  list(
    @CurrentUser() user: AuthenticatedUser,
    @Query() query: ListNotesQuery,
    @Respond() response: ResourceResponse,
  ): Promise<NotePageDto> {
    return response.page(this.service.list(user, query));
  }

  @NotesApi.get()
  @Get(':id')
  get(
    @CurrentUser() user: AuthenticatedUser,
    @Param('id', UuidPipe) id: string,
    @RespondConditionally() response: ResourceResponse,
  ): Promise<NoteDto | undefined> {
    return response.one(this.service.get(user, id));
  }

  @NotesApi.replace(ReplaceNoteDto)
  @Put(':id')
  replace(
    @CurrentUser() user: AuthenticatedUser,
    @Param('id', UuidPipe) id: string,
    @Body() dto: ReplaceNoteDto,
    @Preconditions() precondition: Precondition,
    @Respond() response: ResourceResponse,
  ): Promise<NoteDto | undefined> {
    return response.one(this.service.change(user, id, dto, precondition));
  }

  @NotesApi.update(UpdateNoteDto)
  @Patch(':id')
  update(
    @CurrentUser() user: AuthenticatedUser,
    @Param('id', UuidPipe) id: string,
    @Body() dto: UpdateNoteDto,
    @Preconditions() precondition: Precondition,
    @Respond() response: ResourceResponse,
  ): Promise<NoteDto | undefined> {
    return response.one(this.service.change(user, id, dto, precondition));
  }

  @NotesApi.restore()
  @Idempotent()
  @Post(':id/restore')
  @HttpCode(200)
  restore(
    @CurrentUser() user: AuthenticatedUser,
    @Param('id', UuidPipe) id: string,
    @Preconditions() precondition: Precondition,
    @Respond() response: ResourceResponse,
  ): Promise<NoteDto | undefined> {
    return response.one(this.service.restore(user, id, precondition));
  }

  @NotesApi.delete()
  @Delete(':id')
  @HttpCode(204)
  delete(
    @CurrentUser() user: AuthenticatedUser,
    @Param('id', UuidPipe) id: string,
    @Query() query: DeleteNoteQuery,
    @Preconditions() precondition: Precondition,
  ): Promise<void> {
    return this.service.delete(user, id, query, precondition);
  }
}
