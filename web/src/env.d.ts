/** Set by tools/build.ts: a development build has the page of the kit. */
declare const DEV: boolean;
