namespace CoupaGateway.Schema.Pseudonyms;

/// <summary>What happens to the values of a column before anything is stored.</summary>
public enum PseudonymAlgorithm
{
    /// <summary><c>keep</c>: nothing; the values stay in clear.</summary>
    Keep,

    /// <summary><c>hmac-sha-256</c>: a token of 128 bits, keyed by connection, key version and domain. The default.</summary>
    HmacSha256,

    /// <summary><c>sha-1</c>: the hexadecimal digest of the value. For compatibility only: whoever guesses a value can check the guess.</summary>
    Sha1,

    /// <summary><c>sha-256</c>: as <see cref="Sha1"/>.</summary>
    Sha256,

    /// <summary><c>sha-512</c>: as <see cref="Sha1"/>.</summary>
    Sha512,

    /// <summary><c>sha-256-salted</c>: the hexadecimal digest of the connection's salt followed by the value.</summary>
    Sha256Salted,

    /// <summary><c>sha-512-salted</c>: as <see cref="Sha256Salted"/>.</summary>
    Sha512Salted,

    /// <summary><c>redact</c>: a fixed text.</summary>
    Redact,

    /// <summary><c>null</c>: no value at all.</summary>
    Null,

    /// <summary><c>truncate</c>: the first characters.</summary>
    Truncate,

    /// <summary><c>date-to-month</c>: <c>2026-09</c>.</summary>
    DateToMonth,

    /// <summary><c>date-to-year</c>: <c>2026</c>.</summary>
    DateToYear,

    /// <summary><c>email-domain</c>: the token of the whole address, an at sign, and the address's domain in clear.</summary>
    EmailDomain,

    /// <summary>
    /// <c>id-permutation</c>: another number for each number, keyed as <see cref="HmacSha256"/> is. The numbers stay whole and different, so that ids stay keys and join. Whoever has the
    /// connection's key can turn them back.
    /// </summary>
    IdPermutation,
}
