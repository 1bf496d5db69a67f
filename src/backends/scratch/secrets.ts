// Tells variables that should not be written to disk by their name. Knows no value and no file.

const SECRET_NAME =
  /TOKEN|SECRET|PASSW|PASSPHRASE|CREDENTIAL|PRIVATE_?KEY|API_?KEY|ACCESS_?KEY|_KEY$|_AUTH$|_PAT$|^PGPASS|COOKIE/i;

/** Whether a variable of this name probably holds a secret: `GITHUB_TOKEN`, `DB_PASSWORD`, `AWS_SECRET_ACCESS_KEY`. */
export function looksSecret(name: string): boolean {
  return SECRET_NAME.test(name);
}
