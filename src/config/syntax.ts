import { type ParseErrorCode, printParseErrorCode } from 'jsonc-parser';

const sentences: Readonly<Record<string, string>> = {
  InvalidSymbol:
    'this is not JSON: texts and keys stand in double quotes, and the only bare words are true, false and null',
  InvalidNumberFormat: 'this number is not written as JSON writes numbers',
  PropertyNameExpected: 'a key in double quotes is expected here',
  ValueExpected: 'a value is expected here',
  ColonExpected: 'a colon is expected here, between the key and its value',
  CommaExpected: 'a comma is expected here, between two entries',
  CloseBraceExpected: 'a closing } is missing: the file may have been cut short',
  CloseBracketExpected: 'a closing ] is missing: the file may have been cut short',
  EndOfFileExpected: 'nothing may follow after the closing brace of the file',
  UnexpectedEndOfComment: 'this comment is never closed with */',
  UnexpectedEndOfString: 'this text is never closed with a double quote',
  UnexpectedEndOfNumber: 'this number ends too early',
  InvalidUnicode: 'after \\u four hex digits are expected',
  InvalidEscapeCharacter: 'this escape is not one of JSON: a backslash itself is written \\\\',
  InvalidCharacter: 'control characters such as a tab are written \\t, \\n in a text',
};

/** What a fault of the JSON parser means to somebody who edits the file. */
export function syntaxSentence(code: ParseErrorCode): string {
  return sentences[printParseErrorCode(code)] ?? 'this is not JSON';
}
