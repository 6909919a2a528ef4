export const architectures: readonly string[];
export function pinnedNode(major: number, arch?: string): string;
export function pinnedVersion(major: number): string;
export function whyNotPinned(arch?: string): string | null;
