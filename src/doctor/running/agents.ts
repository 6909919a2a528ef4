import { dial } from '../../agent/session.ts';
import { type Complaint, check, skipped, verdict } from '../check.ts';
import { nameOf } from '../patient.ts';

/** Whether there is somebody to run the clients that have containers of their own. Looked at only: the agent and its client go on as they are. */
export const agents = check(
  'agents',
  async ({ clients, version }, signal) => {
    const found = clients.map(async (client) => {
      if (client.agent === null) return [];
      const session = await dial(client.agent.socket, { version, who: 'doctor', role: 'look' }, signal);
      if ('why' in session) return [{ about: nameOf(client), wrong: session.words, runs: null }];
      session.close();
      return [{ about: nameOf(client), wrong: null, runs: session.version }];
    });
    return (await Promise.all(found)).flat();
  },
  (seen, { version }) => {
    if (seen.length === 0) return skipped('No client is run by an agent.');
    return verdict(
      seen.flatMap(({ about, wrong, runs }): readonly Complaint[] => {
        if (wrong !== null)
          return [{ severity: 'error', about, sentence: `No agent runs it: ${ended(wrong)}`, fix: START }];
        if (runs === version) return [];
        const sentence = `Its agent is of version ${runs}, and this program of ${version}.`;
        return [{ severity: 'warning', about, sentence, fix: UPGRADE }];
      }),
      seen.length === 1 ? 'The agent answers.' : `All ${seen.length} agents answer.`,
    );
  },
);

const START =
  'Start the container of the client (vaultvisor agent is its entry point), with the same volume at the same path and the same user.';
const UPGRADE = 'Upgrade both together: the image of the client’s container too (Dockerfile.agent).';

const ended = (words: string): string => `${words.replace(/\.$/, '')}.`;
