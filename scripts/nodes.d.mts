export function pinnedNode(major: number): string;
export function pinnedVersion(major: number): string;
export function whyNotPinned(): string | null;
