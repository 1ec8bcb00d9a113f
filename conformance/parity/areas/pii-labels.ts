/** The labels of the contract for what a model finds, by type. */
export const piiLabels: Readonly<Record<string, string>> = {
  name: "NAME",
  email: "EMAIL",
  phone: "PHONE",
  address: "ADDRESS",
  ssn: "SSN",
  national_id: "NATIONAL_ID",
  passport: "PASSPORT",
  credit_card: "CC",
  medical_record: "MEDICAL",
  date_of_birth: "DOB",
  financial_account: "ACCOUNT",
};
