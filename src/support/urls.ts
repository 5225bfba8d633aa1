/** `https://user:password@host`: such an address takes its secret along wherever it is shown. */
export function hasUserInfo(text: string): boolean {
  const url = URL.parse(text.trim());
  if (!url || !/^(?:https?|wss?):$/.test(url.protocol)) return false;
  return url.username !== '' || url.password !== '';
}

/** An address as people copy it: browsers hide `https://`, and some leave it out of what is copied. Null: none. */
export function pastedUrl(text: string): URL | null {
  const given = text.trim();
  // Of `acme.example:8443/x` the host would be taken for a scheme.
  const url = /^https?:\/\//i.test(given) ? URL.parse(given) : URL.parse(`https://${given}`);
  return url?.hostname.includes('.') || url?.hostname === 'localhost' ? url : null;
}
