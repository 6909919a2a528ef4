export function sbomText(also?: { node?: string }): string;
