using System.IO.Compression;
using System.Text;
using System.Text.Json;
using CoupaGateway.Access;
using CoupaGateway.Snapshots.Documents;

namespace CoupaGateway.Metadata.Stored;

/// <summary>Writes custom metadata. What it writes is in force here when it returns, and on the other gateways within a second. The last revisions are kept to go back to.</summary>
internal sealed class MetadataStore(ISharedDocumentStore documents, IDocumentFollower follower, IJournalStore journal, MetadataDirectory directory, TimeProvider time)
{
    /// <summary>Kind of the documents; the id of each is the connection's name.</summary>
    public const string Kind = "metadata";

    /// <summary>Revisions that are remembered.</summary>
    public const int Remembered = 50;

    /// <param name="known">The metadata as the caller knows it.</param>
    /// <param name="text">What it becomes; null takes it away.</param>
    /// <returns>The new revision; null when it has been changed since.</returns>
    public async Task<ConnectionMetadata?> TryWriteAsync(string connection, ConnectionMetadata known, string? text, string who, CancellationToken cancellationToken)
    {
        var expected = directory.FindStored(connection);
        if (directory.Find(connection).Revision != known.Revision)
            return null;

        var next = new StoredMetadata(known.Revision + 1, Later(expected), who, text);
        var written = await documents.TryWriteAsync(Kind, connection, expected, JsonSerializer.Serialize(next, AccessDocuments.Json), cancellationToken);
        if (written)
            await journal.AppendAsync(Journal(connection), next.At, JsonSerializer.Serialize(next with { Text = Pack(text) }, AccessDocuments.Json), Remembered, DateTimeOffset.UnixEpoch, CancellationToken.None);

        await follower.RefreshAsync(written ? CancellationToken.None : cancellationToken);
        return written ? directory.Find(connection) : null;
    }

    /// <summary>The remembered revisions, the newest first.</summary>
    public async Task<IReadOnlyList<StoredMetadata>> ReadHistoryAsync(string connection, CancellationToken cancellationToken) =>
    [
        .. (await journal.ReadAsync(Journal(connection), before: null, Remembered, cancellationToken))
            .Select(static entry => JsonSerializer.Deserialize<StoredMetadata>(entry, AccessDocuments.Json)!)
            .Select(static revision => revision with { Text = Unpack(revision.Text) })
            .OrderByDescending(static revision => revision.Revision),
    ];

    /// <summary>Forgets everything of a connection that is removed.</summary>
    public async Task ForgetAsync(string connection)
    {
        if ((await documents.ReadAsync(Kind, CancellationToken.None)).Documents.TryGetValue(connection, out var stored))
            await documents.TryWriteAsync(Kind, connection, stored, value: null, CancellationToken.None);
        await journal.DeleteAsync(Journal(connection), CancellationToken.None);
        await follower.RefreshAsync(CancellationToken.None);
    }

    /// <summary>Now, but after the revision before, whatever the clock says: the history is in the order of time, and the oldest are forgotten.</summary>
    private DateTimeOffset Later(string? before)
    {
        var now = time.GetUtcNow();
        return StoredMetadata.Read(before)?.At is { } last && last >= now ? last.AddMilliseconds(1) : now;
    }

    private static string Journal(string connection) => $"{Kind}:{connection}";

    /// <summary>Documents repeat themselves: fifty of them take little room so.</summary>
    private static string? Pack(string? text)
    {
        if (text is null)
            return null;

        using var packed = new MemoryStream();
        using (var brotli = new BrotliStream(packed, CompressionLevel.Fastest))
            brotli.Write(Encoding.UTF8.GetBytes(text));
        return Convert.ToBase64String(packed.ToArray());
    }

    private static string? Unpack(string? packed)
    {
        if (packed is null)
            return null;

        using var brotli = new BrotliStream(new MemoryStream(Convert.FromBase64String(packed)), CompressionMode.Decompress);
        using var reader = new StreamReader(brotli, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
