// Two hundred texts that somebody types by accident or on purpose. What would run calls hurt(), which every page is
// given as a canary.

export const KINDS = ['script', 'markup', 'template', 'sql', 'shell', 'path', 'bidi', 'script of the world', 'emoji', 'invisible', 'blank', 'format', 'long', 'control'] as const;
export type Kind = (typeof KINDS)[number];

export interface Hostile {
  kind: Kind;
  text: string;
}

const TEXTS: Readonly<Record<Kind, readonly string[]>> = {
  script: [
    '<script>hurt()</script>', '"><script>hurt()</script>', '\'><script>hurt()</script>', '</script><script>hurt()</script>',
    '</title><script>hurt()</script>', '</textarea><script>hurt()</script>', '</style><script>hurt()</script>', '--><script>hurt()</script>',
    ']]><script>hurt()</script>', '<scr<script>ipt>hurt()</scr</script>ipt>', '<SCRIPT>hurt()</SCRIPT>', '<script/x>hurt()</script>',
    '<script\n>hurt()</script\n>', '<script src=data:,hurt()></script>', '<script src=//[::1]:9/x.js></script>', '<script type=module>hurt()</script>',
    '<img src=x onerror=hurt()>', '"><img src=x onerror=hurt()>', '<img src=`x` onerror=hurt()>', '<img/src/onerror=hurt()>',
    '<svg onload=hurt()>', '<svg/onload=hurt()//', '<svg><script>hurt()</script></svg>', '<svg><animate onbegin=hurt() attributeName=x dur=1s>',
    '<body onload=hurt()>', '<input autofocus onfocus=hurt()>', '<details open ontoggle=hurt()>', '<video><source onerror=hurt()></video>',
    '<iframe src=javascript:hurt()></iframe>', '<iframe srcdoc="<script>parent.hurt()</script>">', '<object data=javascript:hurt()>', '<math><mi xlink:href=javascript:hurt()>x</mi></math>',
    '<a href=javascript:hurt()>x</a>', 'javascript:hurt()', 'data:text/html,<script>hurt()</script>', '" onmouseover="hurt()', '\' autofocus onfocus=\'hurt()',
    '\\u003cscript\\u003ehurt()\\u003c/script\\u003e', '%3Cscript%3Ehurt()%3C/script%3E', '&lt;script&gt;hurt()&lt;/script&gt;', ';hurt();//', '\'-hurt()-\'',
  ],
  markup: [
    '<b>bold</b>', '<h1>', '</div></div></main>', '<!-- a comment', '<plaintext>', '<style>*{display:none}</style>', '<meta http-equiv=refresh content=0>', '<base href=//x.invalid/>',
    '<form action=//x.invalid>', '<table><tr><td>', '&amp;', '&#60;b&#62;', '&nbsp;&copy;', '<![CDATA[x]]>', '<?xml version="1.0"?>', '<!ENTITY x SYSTEM "file:///etc/passwd">',
    'Tom & Jerry <tom@example.com>', 'a < b > c', '**bold** _slanted_', '[x](javascript:hurt())', '# heading', '`code`',
  ],
  template: [
    '{{7*7}}', '${7*7}', '#{7*7}', '<%= 7*7 %>', '{% raw %}', '{n}', '{n#day|days}', '{0}', '%s%s%s%n', '%d %x %p', '$1', '$0 $& $`', '\\1', '{{constructor.constructor("hurt()")()}}',
    '${hurt()}', '__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'undefined', 'null', 'NULL', 'NaN', 'true', '[object Object]',
  ],
  sql: [
    '\'', '"', '\'\'', '\' OR \'1\'=\'1', '\'; DROP TABLE partner; --', '1; DELETE FROM orders', '" OR ""="', '\') OR (\'1\'=\'1', '\' UNION SELECT 1,2,3 --', '\\\'; SELECT 1; --',
    '%', '_', '100%', 'a_b%c', '\\', '\\\\', '/* x */', '$$x$$', 'E\'\\\'', '?', ':x', '$1::text', 'x\' AND pg_sleep(9)--', '"x" NEAR "y"', 'a* OR b', 'NOT', '-x', '^x', '(', ')',
  ],
  shell: ['$(reboot)', '`reboot`', '; reboot', '| reboot', '&& reboot', '> /dev/null', '=1+1', '=HYPERLINK("//x.invalid")', '+1+1', '@SUM(1)', '-1+1', 'a,b;c', 'a"b,c'],
  path: ['/', '//', 'a/b', '../..', '.', '..', './x', '../../../../etc/passwd', 'C:\\x', 'file:///etc/passwd', '//x.invalid', '?a=b', '#x', '%2F', '%2e%2e', '%00', '%%', 'new', 'CON', 'a&b=c', 'a+b', '~'],
  bidi: [
    '\u202egnihtemos', 'abc\u202edef', '\u2066x\u2069', '\u2067abc', '\u202a\u202b\u202c', '\u200fabc', 'abc \u05d0\u05d1\u05d2 def', '\u061cabc', '1\u202e000,00', 'invoice\u202efdp.exe',
  ],
  'script of the world': [
    '\u0634\u0631\u0643\u0629 \u0627\u0644\u0645\u0631\u0641\u0623', '\u05d7\u05d1\u05e8\u05ea \u05d4\u05e0\u05de\u05dc', '杭州明远贸易有限公司', '株式会社みなと', '항구 상사', 'ООО «Гавань»', 'Straße İstanbul ıI', '\u0e17\u0e48\u0e32\u0e40\u0e23\u0e37\u0e2d',
    '\u0939\u093f\u0928\u094d\u0926\u0940', '𠮷野家 𪚥', 'é', 'e\u0301', 'ﬁ', 'Ａ１', 'Z\u0351\u036b\u0343\u0341\u0313a\u0328\u0334l\u0334g\u0336o\u0315',
  ],
  emoji: ['😀', '👩‍👩‍👧‍👦', '🏳️‍🌈', '🇨🇳🇩🇪', '👍🏽', '1️⃣', '❤️', '😀'.repeat(12)],
  invisible: ['\u200b', 'a\u200bb', '\ufeffabc', 'a\u00adb', '\u2060', 'a\u2028b', 'a\u2029b', '\u0085', '\ufffd', '\ufffe', '\u{10ffff}'],
  blank: [' ', ' x', 'x ', '\tx', 'x\ty', 'x\ny', '\u00a0x', '\u3000x', 'a  b'],
  format: ['0', '-0', '1e9', '0x10', '007', '2025-02-30', '1,234.50', '∞', 'A0SBFF8VP00001', '12:61'],
  long: ['W'.repeat(60), 'i'.repeat(255), 'W'.repeat(255), '长'.repeat(85), 'word '.repeat(50) + 'end', 'x-'.repeat(120), 'a.'.repeat(30), 'W'.repeat(4096), '\u0645'.repeat(120), '字'.repeat(21)],
  control: ['\u0000', 'a\u0000b', '\u0007', '\u0008', '\u001b[31mred', 'a\rb', '\u007f', '\u001f'],
};

export const HOSTILE: readonly Hostile[] = KINDS.flatMap((kind) => TEXTS[kind].map((text) => ({ kind, text })));
