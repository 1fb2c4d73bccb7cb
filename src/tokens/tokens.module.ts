import { MikroOrmModule } from '@mikro-orm/nestjs';
import { Module } from '@nestjs/common';
import { PersonalToken } from './personal-token.entity.js';
import { TokensController } from './tokens.controller.js';
import { TokensService } from './tokens.service.js';

/** Personal tokens, which their owners make, list and revoke. */
@Module({
  imports: [MikroOrmModule.forFeature([PersonalToken])],
  controllers: [TokensController],
  providers: [TokensService],
})
export class TokensModule {}
