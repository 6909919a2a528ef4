export const nameOfBinary: string;
export function buildBinary(folder: string): Promise<string>;
