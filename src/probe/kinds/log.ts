import { failed, type Living, type Outcome, passed } from '../probe.ts';
import { quoted } from '../reasons.ts';

/** Passes once a line that this start of the child wrote contains the text. */
export function probeLog(text: string, living: Living): Outcome {
  return living.seen(text) ? passed : failed(`the log never said "${quoted(text)}"`);
}
