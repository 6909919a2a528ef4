import { type Complaint, check, skipped, type Verdict, verdict } from '../check.ts';
import { span } from '../words.ts';
import { type Asked, type AskedNetwork, askAll } from './ask.ts';

const none = 'No network names an endpoint.';
const silent = 'No endpoint told when its newest finalised block was made.';

/** Where something can be said of endpoints. */
const of = (networks: readonly AskedNetwork[], judge: (networks: readonly AskedNetwork[]) => Verdict): Verdict =>
  networks.length === 0 ? skipped(none) : judge(networks);

/** Whether every endpoint answers. One that does not is passed over; where none does no release is heard of. */
export const reachable = check('endpoints', askAll, (seen) =>
  of(seen, (networks) =>
    verdict(
      networks.flatMap(({ network, endpoints }): Complaint[] => {
        const dead = endpoints.filter(({ answer }) => answer === null);
        const isLast = dead.length === endpoints.length;
        return dead.map(({ endpoint, trouble }) => ({
          severity: isLast ? 'error' : 'warning',
          about: network,
          sentence: `${endpoint} cannot be read (${trouble})${isLast ? ', nor any other of this network: no release is heard of' : '; another one serves'}.`,
          fix: 'See that it answers from this machine (port, firewall, certificate), or put another one into “endpoints”.',
        }));
      }),
      'Every endpoint answers.',
    ),
  ),
);

/** Four times what the other side of the earth takes. */
const SLOW = 1_500;

/** How long a question takes. A slow node is a busy one: it answers late when it matters. */
export const latency = check('endpoint-latency', askAll, (seen) =>
  of(seen, (networks) => {
    const all = answers(networks);
    if (all.length === 0) return skipped('No endpoint answered.');
    const slow = all.flatMap(({ network, endpoint, answer }): Complaint[] => {
      if (answer.answering < SLOW) return [];
      const sentence = `${endpoint} takes ${span(answer.answering)} for a small question (${span(answer.connecting)} to connect).`;
      return [
        {
          severity: 'warning',
          about: network,
          sentence,
          fix: 'Put a nearer one first in “endpoints”: your own, if you have one.',
        },
      ];
    });
    return verdict(
      slow,
      `The slowest endpoint answers within ${span(Math.max(...all.map(({ answer }) => answer.answering)))}.`,
    );
  }),
);

/** chain/tuning.ts: from here on `status` says so too. */
const OLD = 600_000;

/** How old the newest finalised block is, by the chain's own clock. */
export const finality = check('finality', askAll, (seen) =>
  of(seen, (networks) => {
    const ages = answers(networks).flatMap(({ answer, at, ...asked }) =>
      answer.finalized.at === null
        ? []
        : [{ ...asked, number: answer.finalized.number, age: at - answer.finalized.at }],
    );
    if (ages.length === 0) return skipped(silent);
    const complaints = ages.flatMap(({ network, endpoint, number, age }): Complaint[] => {
      if (age < OLD) return [];
      const isAlone = ages.some((other) => other.network === network && other.age < OLD);
      const sentence = `The newest finalised block of ${endpoint} (${number}) is ${span(age)} old: ${isAlone ? 'this node stands still' : 'the chain stands still, or its nodes do, or the clock of this machine is fast'}.`;
      const fix = isAlone
        ? 'Take it out of “endpoints”, or put it last.'
        : 'Compare with a block explorer, then look at the clock of this machine (timedatectl).';
      return [{ severity: isAlone ? 'warning' : 'error', about: network, sentence, fix }];
    });
    return verdict(
      complaints,
      `The newest finalised blocks are ${span(Math.max(0, ...ages.map(({ age }) => age)))} old at most.`,
    );
  }),
);

/** What a chain's own clock may be ahead of ours without anything being wrong with it: validators' clocks differ. */
const AHEAD = 5_000;
/** chain/tuning.ts, `maxAhead`: an alarm of the daemon's own. */
const FAR_AHEAD = 300_000;

/** A block cannot have been made in the future: where it seems so, our clock is slow. */
export const chainClock = check('clock-offset', askAll, (seen) =>
  of(seen, (networks) => {
    const ahead = answers(networks).flatMap(({ network, answer, at }) =>
      answer.finalized.at === null ? [] : [{ network, by: answer.finalized.at - at }],
    );
    if (ahead.length === 0) return skipped(silent);
    const [worst] = [...ahead].sort((a, b) => b.by - a.by);
    if (worst === undefined || worst.by < AHEAD) return verdict([], 'No chain’s clock is ahead of this machine’s.');
    const complaint: Complaint = {
      severity: worst.by > FAR_AHEAD ? 'error' : 'warning',
      about: worst.network,
      sentence: `Its newest finalised block was made ${span(worst.by)} in the future: the clock of this machine is slow by that much at least.`,
      fix: 'Set the clock right and keep it so (timedatectl set-ntp true). If only one network says so, look at that one.',
    };
    return verdict([complaint], '');
  }),
);

/** Whether each endpoint is of the chain that the network is. */
export const genesis = check('genesis', askAll, (seen) =>
  of(seen, (networks) => {
    if (answers(networks).length === 0) return skipped('No endpoint answered.');
    const complaints = networks.flatMap(({ network, genesis: known, isPinned, endpoints }) => [
      ...endpoints.flatMap((one) => foreign(one, known, isPinned)),
      ...disagreement(network, known, endpoints),
    ]);
    return verdict(complaints, 'Every endpoint is of its chain.');
  }),
);

function foreign({ network, endpoint, answer }: Asked, known: string | null, isPinned: boolean): readonly Complaint[] {
  if (answer === null || known === null || answer.genesis === known) return [];
  const sentence = `${endpoint} serves another chain: its genesis is ${answer.genesis}, and ${isPinned ? 'the args file says' : 'at first contact it was'} ${known}. Nothing of it is used.`;
  const fix =
    'Correct the endpoint. Where the network was reset (a testnet), write the new “genesis” into the args file.';
  return [{ severity: 'error', about: network, sentence, fix }];
}

/** Before the first contact nobody knows which of two is right. */
function disagreement(network: string, known: string | null, endpoints: readonly Asked[]): readonly Complaint[] {
  const all = new Set(endpoints.flatMap(({ answer }) => answer?.genesis ?? []));
  if (known !== null || all.size < 2) return [];
  const sentence = `Its endpoints are of ${all.size} different chains (${[...all].join(', ')}): whichever is asked first is believed.`;
  return [
    {
      severity: 'error',
      about: network,
      sentence,
      fix: 'Write the right “genesis” into the args file, and take the others out.',
    },
  ];
}

/** One node that is down, or lies, is all there is. */
export const spare = check('endpoint-spare', askAll, (seen) =>
  of(seen, (networks) =>
    verdict(
      networks.flatMap(({ network, endpoints }): Complaint[] =>
        endpoints.length > 1
          ? []
          : [
              {
                severity: 'note',
                about: network,
                sentence: 'It has a single endpoint: while that one is down no release is heard of.',
                fix: 'Add a second one to “endpoints”.',
              },
            ],
      ),
      'Every network has a second endpoint.',
    ),
  ),
);

type Answered = Asked & { readonly answer: NonNullable<Asked['answer']> };
const answers = (networks: readonly AskedNetwork[]): readonly Answered[] =>
  networks.flatMap(({ endpoints }) =>
    endpoints.flatMap((one) => (one.answer === null ? [] : [{ ...one, answer: one.answer }])),
  );
