/** Names an issuer; as a link, if it is the address of a page. */
export function IssuerLink({ url }: { readonly url: string }) {
  const isPage = /^https?:$/.test(URL.parse(url)?.protocol ?? '');
  return isPage ? (
    <a href={url} target="_blank" rel="noopener noreferrer">
      {url}
    </a>
  ) : (
    <strong>{url}</strong>
  );
}
