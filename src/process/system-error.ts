import { systemCode } from '../errors.ts';

/** The code of an error of the operating system (`ENOENT`, …); an empty text for any other. */
export const codeOf = (thrown: unknown): string => systemCode(thrown) ?? '';
