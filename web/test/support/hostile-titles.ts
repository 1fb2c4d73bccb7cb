/** Titles that are code, or look like something else than they are, somewhere. */
export const hostileTitles = [
  '<script>window.hacked = 1</script>',
  '<img src=x onerror="window.hacked = 1">',
  '"><svg/onload=window.hacked=1>',
  'javascript:window.hacked=1',
  '{{constructor.constructor("window.hacked = 1")()}}',
  '${window.hacked = 1}',
  "'; DROP TABLE task; --",
  '{{title}} $t(tasks.add.label) %s',
  '__proto__',
  'constructor',
  '\u202egnp.exe\u202c',
  'مهمة بالعربية 123',
  '👩‍👩‍👧‍👦🏳️‍🌈',
  'Z\u0351\u036b\u0343\u036a\u0302\u036b\u033d\u034f\u0334\u0319\u0324',
  'W'.repeat(255),
];
