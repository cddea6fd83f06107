namespace CoupaGateway.Snapshots.Documents;

/// <summary>Small JSON documents that all gateways share: stored connections, keys. One Redis hash for each kind; a write is a compare-and-set.</summary>
public interface ISharedDocumentStore
{
    /// <summary>All documents of a kind by id.</summary>
    Task<DocumentSet> ReadAsync(string kind, CancellationToken cancellationToken);

    /// <summary>One document; null when there is none.</summary>
    Task<string?> ReadOneAsync(string kind, string id, CancellationToken cancellationToken);

    /// <summary>Changes with every write of the kind; null before the first.</summary>
    Task<string?> ReadRevisionAsync(string kind, CancellationToken cancellationToken);

    /// <summary>Writes or deletes a document if it is still <paramref name="expected"/> (null: absent), and tells the other gateways.</summary>
    /// <param name="value">The new text; null deletes the document.</param>
    /// <returns>False when it was something else: nothing was changed.</returns>
    Task<bool> TryWriteAsync(string kind, string id, string? expected, string? value, CancellationToken cancellationToken);
}
