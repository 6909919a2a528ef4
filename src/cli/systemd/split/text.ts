import { redactValue } from '../../../config/redact.ts';
import { type Draft, jsonc, noted } from '../../draft/jsonc.ts';
import { nameOf } from '../../pick.ts';
import type { ArgsValue, Instance } from './instance.ts';

/** Why a line of it is not that of the file of all. */
const notes: Readonly<Record<string, string>> = {
  home: 'Of this client alone: no two vaultvisors share one.',
  lockDir: 'The same for all of them: it keeps a client from being run by two.',
};

/** The args file of one client as a person reads it. Comments of the file of all stay there. */
export function argsText(instance: Instance, of: string): string {
  return `// ${nameOf(instance)} alone, made from ${of} by \`vaultvisor systemd --per-instance\`. This file counts now: edit it here.\n${body(instance.value)}\n`;
}

/** The same with its secrets hidden, for a screen. */
export function quietArgsText(instance: Instance, of: string): { readonly text: string; readonly isWhole: boolean } {
  const value = redactValue(instance.value) as ArgsValue;
  const text = argsText({ ...instance, value }, of);
  return { text, isWhole: text === argsText(instance, of) };
}

function body(value: ArgsValue): string {
  const entries = Object.entries(value).map(([key, held]) => {
    const note = notes[key];
    return [key, note === undefined ? (held as Draft) : noted(note, held as Draft)] as const;
  });
  return jsonc(Object.fromEntries(entries));
}
