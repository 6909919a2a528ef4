import type { Finding } from '../../doctor/examine.ts';
import { printable } from '../../errors.ts';
import type { Paint, Style } from './paint.ts';

type State = Finding['state'];

const signs: Readonly<Record<State, readonly [sign: string, style: Style]>> = {
  error: ['✖', 'red'],
  warning: ['▲', 'yellow'],
  note: ['i', 'cyan'],
  well: ['✔', 'green'],
  skipped: ['–', 'dim'],
};

const complaining: readonly State[] = ['error', 'warning', 'note'];

/** What wants to be looked at first, the worst at the top; then a tick for each thing that is well; then what was not looked at. */
export function doctorPage(findings: readonly Finding[], paint: Paint): string {
  const ill = complaining.flatMap((state) => findings.filter((one) => one.state === state));
  const groups = [...new Set(findings.map(({ group }) => group))];
  const rest = groups.flatMap((group) => groupOf(group, findings, paint));
  return [...ill.flatMap((one) => complaint(one, paint)), ...rest, '', summary(findings, paint)].join('\n');
}

function complaint({ id, state, about, sentence, fix, link, mended }: Finding, paint: Paint): readonly string[] {
  const [sign, style] = signs[state];
  const whose = about === null ? '' : `${paint('bold', printable(about))}  `;
  return [
    `${paint(style, sign)} ${whose}${printable(sentence)}`,
    ...mended.map((done) => `    done  ${printable(done)}`),
    `    fix   ${printable(fix ?? '')}`,
    `    ${paint('dim', `more  ${link}  (${id})`)}`,
    '',
  ];
}

function groupOf(group: string, findings: readonly Finding[], paint: Paint): readonly string[] {
  const own = findings.filter((one) => one.group === group && !complaining.includes(one.state));
  const lines = new Set(own.map((one) => line(one, paint)));
  return lines.size === 0 ? [] : [paint('bold', group), ...lines];
}

/** What was mended is well, and how it came to be so is said. */
function line({ state, sentence, mended }: Finding, paint: Paint): string {
  const [sign, style] = signs[state];
  const text = mended.length > 0 ? `Mended: ${mended.join('; ')}.` : sentence;
  return `  ${paint(style, sign)} ${state === 'skipped' ? paint('dim', printable(text)) : printable(text)}`;
}

function summary(findings: readonly Finding[], paint: Paint): string {
  const count = (state: State) => findings.filter((one) => one.state === state).length;
  const [errors, warnings, notes] = [count('error'), count('warning'), count('note')];
  const words = `${many(errors, 'error')}, ${many(warnings, 'warning')}, ${many(notes, 'note')}; ${count('well')} well, ${count('skipped')} not looked at`;
  return paint(errors > 0 ? 'red' : warnings > 0 ? 'yellow' : 'green', words);
}

const many = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;
