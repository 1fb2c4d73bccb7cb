import { expectWorking, type ExternalContext, UnavailableError } from './external.ts';
import { startFastapi } from './fastapi.ts';
import { startPocketbase } from './pocketbase.ts';
import type { PeerName } from './scenarios.ts';
import type { Peer } from './sides.ts';

const STARTS: Readonly<Partial<Record<PeerName, (context: ExternalContext) => Promise<Peer>>>> = {
  fastapi: startFastapi,
  pocketbase: startPocketbase,
};

/** Starts the peers of other stacks that are named; those that cannot be built here are left out. */
export async function startExternals(
  context: ExternalContext,
  names: ReadonlySet<PeerName>,
  print: (line: string) => void,
): Promise<Peer[]> {
  const peers: Peer[] = [];
  for (const name of names) {
    try {
      const peer = await STARTS[name]?.(context);
      if (peer === undefined) continue;
      await expectWorking(peer);
      peers.push(peer);
    } catch (error) {
      if (!(error instanceof UnavailableError)) throw error;
      print(`${name} is left out, it cannot be built here: ${error.message}`);
    }
  }
  return peers;
}
