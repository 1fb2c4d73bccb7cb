import { escape } from 'ical-generator';

/** Control characters that RFC 5545, 3.1 does not allow in a text. */
const CONTROL = /(?![\t\r\n])\p{Cc}/gu;

/** Returns a value of type TEXT. */
export const textOf = (text: string): string => escape(text.replaceAll(CONTROL, '\ufffd'), false);
