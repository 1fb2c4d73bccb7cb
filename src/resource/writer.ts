import type { OwnerId, Parameter } from '../database/index.js';

/** The session or the personal token that a user writes by, as the history names it. */
interface Actor {
  readonly type: 'session' | 'token';
  readonly name: string | null;
}

/** The owner of the rows that are written, and by what. */
export interface Writer {
  readonly id: OwnerId;
  readonly actor: Actor;
}

/** Parameters of a statement that appends to the change log. */
export type ActorParameter = 'actorType' | 'actorName';

export const actorParameters = ({ actor }: Writer): Record<ActorParameter, Parameter> => ({
  actorType: actor.type,
  actorName: actor.name,
});
