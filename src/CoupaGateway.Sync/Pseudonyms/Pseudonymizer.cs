using System.Collections.Immutable;
using System.Security.Cryptography;
using CoupaGateway.Schema;
using CoupaGateway.Schema.Pseudonyms;

namespace CoupaGateway.Sync.Pseudonyms;

/// <summary>
/// The filters of one run over one family of tables: marked columns are replaced, text columns in clear are watched. Columns of one domain
/// share their tokens and the memory of them. Not safe for several threads at once.
/// </summary>
internal sealed class Pseudonymizer : IDisposable
{
    private readonly ImmutableArray<TableSchema> _family;
    private readonly PseudonymSecrets _secrets;
    private readonly Dictionary<string, Tokenizer> _tokenizers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, IdPermutation> _ids = new(StringComparer.Ordinal);
    private readonly List<DigestAlgorithm> _owned = [];
    private readonly Dictionary<(int Table, int Column), ValueFilter> _filters = [];

    /// <exception cref="PseudonymKeyException">A column needs a key or salt that is not among the secrets, or another one than its mark tells.</exception>
    public Pseudonymizer(ImmutableArray<TableSchema> family, PseudonymSecrets secrets)
    {
        (_family, _secrets) = (family, secrets);
        for (var table = 0; table < family.Length; table++)
        {
            for (var i = 0; i < family[table].Columns.Length; i++)
            {
                // The key of an ancestor is repeated from there, where it was replaced.
                var column = family[table].Columns[i];
                if (column is { Pseudonym: { } mark, Kind: ColumnKind.Field })
                    _filters.Add((table, i), new PseudonymFilter(AlgorithmOf(mark), mark.SourceType));
                else if (column is { Type: ColumnType.String, Kind: ColumnKind.Field })
                    _filters.Add((table, i), new PatternFilter());
            }
        }
    }

    public ImmutableArray<PseudonymCount> Counts =>
        [.. Of<PseudonymFilter>().Where(static entry => entry.Filter.Values > 0).Select(static entry => new PseudonymCount(entry.Table, entry.Column, entry.Filter.Values))];

    public ImmutableArray<PersonalValues> PersonalValues =>
    [
        .. Of<PatternFilter>().Where(static entry => entry.Filter.Emails + entry.Filter.Phones + entry.Filter.Ibans > 0)
            .Select(static entry => new PersonalValues(entry.Table, entry.Column, entry.Filter.Emails, entry.Filter.Phones, entry.Filter.Ibans)),
    ];

    /// <summary>Whether any column of the tables needs a key or a salt.</summary>
    public static bool NeedsSecrets(IEnumerable<TableSchema> tables) => tables.Any(static table => table.Columns.Any(
        static column => column.Pseudonym is { } mark && (PseudonymAlgorithms.IsKeyed(mark.Algorithm) || PseudonymAlgorithms.IsSalted(mark.Algorithm))));

    /// <summary>The filter of a column; null for one whose values need none.</summary>
    /// <param name="table">Index of the table in the family.</param>
    public ValueFilter? FilterOf(int table, int column) => _filters.GetValueOrDefault((table, column));

    public void Dispose() => _owned.ForEach(static owned => owned.Dispose());

    private IEnumerable<(string Table, string Column, T Filter)> Of<T>()
        where T : ValueFilter =>
        _filters.Where(static entry => entry.Value is T).OrderBy(static entry => entry.Key)
            .Select(entry => (_family[entry.Key.Table].Name, _family[entry.Key.Table].Columns[entry.Key.Column].Name, (T)entry.Value));

    private IValueAlgorithm AlgorithmOf(PseudonymMark mark) => mark.Algorithm switch
    {
        PseudonymAlgorithm.HmacSha256 => new TokenAlgorithm(TokenizerOf(mark)),
        PseudonymAlgorithm.EmailDomain => new EmailDomainAlgorithm(TokenizerOf(mark)),
        PseudonymAlgorithm.IdPermutation => new IdAlgorithm(IdsOf(mark)),
        PseudonymAlgorithm.Sha1 => Digest(HashAlgorithmName.SHA1, []),
        PseudonymAlgorithm.Sha256 => Digest(HashAlgorithmName.SHA256, []),
        PseudonymAlgorithm.Sha512 => Digest(HashAlgorithmName.SHA512, []),
        PseudonymAlgorithm.Sha256Salted => Digest(HashAlgorithmName.SHA256, _secrets.SaltFor(mark)),
        PseudonymAlgorithm.Sha512Salted => Digest(HashAlgorithmName.SHA512, _secrets.SaltFor(mark)),
        PseudonymAlgorithm.Redact => new RedactAlgorithm(),
        PseudonymAlgorithm.Null => new NullAlgorithm(),
        PseudonymAlgorithm.Truncate => new TruncateAlgorithm(mark.Length ?? throw new ArgumentException($"The rule {mark.Rule} gives no length.", nameof(mark))),
        PseudonymAlgorithm.DateToMonth => new PeriodAlgorithm(mark.SourceType, toYear: false),
        PseudonymAlgorithm.DateToYear => new PeriodAlgorithm(mark.SourceType, toYear: true),
        _ => throw new ArgumentOutOfRangeException(nameof(mark), mark.Algorithm, "No algorithm for a mark."),
    };

    private IdPermutation IdsOf(PseudonymMark mark)
    {
        if (!_ids.TryGetValue(mark.Domain!, out var ids))
            _ids.Add(mark.Domain!, ids = _secrets.IdsOf(mark));
        return ids;
    }

    private Tokenizer TokenizerOf(PseudonymMark mark)
    {
        if (_tokenizers.TryGetValue(mark.Domain!, out var known))
            return known;

        var tokenizer = new Tokenizer(_secrets, _secrets.VersionFor(mark), mark.Domain!);
        _tokenizers.Add(mark.Domain!, tokenizer);
        return tokenizer;
    }

    private DigestAlgorithm Digest(HashAlgorithmName name, ReadOnlySpan<byte> salt)
    {
        var digest = new DigestAlgorithm(name, salt);
        _owned.Add(digest);
        return digest;
    }
}
