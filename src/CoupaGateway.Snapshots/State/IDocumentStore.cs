namespace CoupaGateway.Snapshots.State;

/// <summary>Small documents of a connection, in collections, each with a name: what runs, what ran, what is due. All processes see the same.</summary>
public interface IDocumentStore
{
    /// <summary>All documents of a collection by name.</summary>
    Task<IReadOnlyDictionary<string, string>> ListAsync(string connection, string collection, CancellationToken cancellationToken);

    /// <summary>One document, or null.</summary>
    Task<string?> FindAsync(string connection, string collection, string name, CancellationToken cancellationToken);

    Task SetAsync(string connection, string collection, string name, string document, CancellationToken cancellationToken);

    /// <summary>Replaces or deletes a document only if it still is <paramref name="expected"/> (null: absent).</summary>
    /// <param name="document">Null deletes it.</param>
    /// <returns>False when it was something else: nothing was changed.</returns>
    Task<bool> TrySetAsync(string connection, string collection, string name, string? expected, string? document, CancellationToken cancellationToken);

    /// <summary>Deletes documents of a collection; those that are not there do not matter.</summary>
    Task DeleteAsync(string connection, string collection, IReadOnlyCollection<string> names, CancellationToken cancellationToken);

    /// <summary>Deletes a collection as a whole.</summary>
    Task DropAsync(string connection, string collection, CancellationToken cancellationToken);
}
