import { t } from "./language.js";

/** What a reading says, in a sentence. */
export function inWords(reading) {
  const { verdict, number, top } = reading;
  const isNumber = !["blank", "digit"].includes(verdict) && (number.length > 1 || !top.length);
  return isNumber ? numberInWords(reading) : digitInWords(reading);
}

function digitInWords({ verdict, digit, confidence, top }) {
  const [first, second] = top;
  switch (verdict) {
    case "blank":
      return t("blank");
    case "not_a_digit":
      return t("noDigit", { digit });
    case "unsure":
      return second.probability > first.probability / 4
        ? t("either", { digit, other: second.digit })
        : t("perhaps", { digit });
    default:
      return t(confidence >= 0.9 ? "surely" : "probably", { digit });
  }
}

function numberInWords({ verdict, number }) {
  const { length: count } = number.split("\n");
  const isUnsure = verdict === "unsure";
  if (verdict === "not_a_digit") return t("noNumber");
  if (count > 1) return t(isUnsure ? "perhapsNumbers" : "numbers", { count });
  return t(isUnsure ? "perhapsNumber" : "surelyNumber", { number });
}
