export function bundle(options: object): readonly string[];
