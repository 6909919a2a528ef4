import validRange from 'semver/ranges/valid.js';

/** A range as npm writes it, such as `>=1.24 <2`. A text of nothing would hold every version, and is more likely a mistake. */
export const isVersionRange = (text: string): boolean => text.trim() !== '' && validRange(text) !== null;
