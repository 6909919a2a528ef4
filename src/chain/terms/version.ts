/** What a version may be that goes into a path: nothing in it can leave its place there. */
export const isVersion = (text: string): boolean => /^[A-Za-z0-9._+-]+$/.test(text) && !/^\.+$/.test(text);
