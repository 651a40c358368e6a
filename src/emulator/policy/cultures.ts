/** LCIDs of the languages of B2C's pages, as .NET numbers them. */
const LCIDS = new Map(
  `ar-SA 1025, bn-IN 1093, cs-CZ 1029, da-DK 1030, de-DE 1031, el-GR 1032, en-US 1033, es-ES 3082,
  fi-FI 1035, fr-FR 1036, gu-IN 1095, hi-IN 1081, hr-HR 1050, hu-HU 1038, id-ID 1057, it-IT 1040,
  ja-JP 1041, kk-KZ 1087, kn-IN 1099, ko-KR 1042, lt-LT 1063, lv-LV 1062, ml-IN 1100, mr-IN 1102,
  ms-MY 1086, nb-NO 1044, nl-NL 1043, pa-IN 1094, pl-PL 1045, pt-BR 1046, pt-PT 2070, ro-RO 1048,
  ru-RU 1049, sk-SK 1051, sl-SI 1060, sv-SE 1053, ta-IN 1097, te-IN 1098, th-TH 1054, tr-TR 1055,
  uk-UA 1058, vi-VN 1066, zh-CN 2052, zh-TW 1028, en-GB 2057, fr-CA 3084, de-AT 3079, de-CH 2055,
  es-MX 2058, en-CA 4105, en-AU 3081, nl-BE 2067, fr-BE 2060, fr-CH 4108`
    .split(/,\s+/)
    .map((entry) => entry.split(' ') as [string, string]),
);

/** A language without a region gets its most likely one; an unknown culture has .NET's custom LCID. */
export function cultureOf(tag: string) {
  const { language, region = '' } = parseTag(tag);
  const full = [language, region].filter(Boolean).join('-');
  return { language, region, tag: full, lcid: LCIDS.get(full) ?? '4096' };
}

/** `ui_locales` may have any text. */
function parseTag(tag: string): { language: string; region?: string | undefined } {
  try {
    return new Intl.Locale(tag).maximize();
  } catch {
    return { language: tag };
  }
}
