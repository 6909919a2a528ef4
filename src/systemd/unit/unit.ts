import { line, type Section, type UnitFacts } from './facts.ts';
import { fence, leftOpen } from './fence.ts';
import { howItIsRun } from './service.ts';
import { unitText, words } from './text.ts';

/** By which a unit is known for one that we wrote, and may write again. */
export const ourMark = 'Written by `vaultvisor systemd`';

/** A hardened unit, line by line. */
export function unitFor(facts: UnitFacts): readonly Section[] {
  const { home, config, name } = facts;
  return [
    {
      name: 'Unit',
      groups: [
        {
          words: '',
          lines: [
            line('Description', name, 'what the journal calls it'),
            line('Wants', 'network-online.target', 'clients need a network soon'),
            line('After', 'network-online.target', 'so they need not be restarted for the want of one'),
            line(
              'RequiresMountsFor',
              words([home, config]),
              'not started before the disks are there on which they lie',
            ),
            line(
              'StartLimitIntervalSec',
              '0',
              'systemd gives up on what was started five times in ten seconds, by whomever, and then nothing serves any more',
            ),
          ],
        },
      ],
    },
    { name: 'Service', groups: [...howItIsRun(facts), ...fence(facts)] },
    {
      name: 'Install',
      groups: [{ words: '', lines: [line('WantedBy', 'multi-user.target', 'started with the machine, once enabled')] }],
    },
  ];
}

export function textOf(facts: UnitFacts): string {
  const head = `${ourMark} from ${facts.config}; write it again after an edit of paths, graces or users there.\nYour own lines belong into a drop-in: systemctl edit.`;
  return unitText(head, unitFor(facts));
}

/** Each line with its reason, and what is left out on purpose. */
export function explained(facts: UnitFacts): readonly string[] {
  const reasons = unitFor(facts).flatMap(({ name, groups }) => [
    `[${name}]`,
    ...groups.flatMap(({ lines }) => lines.flatMap(({ key, value, why }) => [`  ${key}=${value}`, `      ${why}`])),
    '',
  ]);
  return [...reasons, 'Left out on purpose', ...leftOpen.flatMap(([setting, why]) => [`  ${setting}`, `      ${why}`])];
}
