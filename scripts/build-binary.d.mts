export const nameOfBinary: string;
export function binaryFor(arch: string): string;
export function buildBinary(folder: string, how?: { arch?: string }): Promise<string>;
