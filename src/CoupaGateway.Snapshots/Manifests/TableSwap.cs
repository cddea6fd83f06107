namespace CoupaGateway.Snapshots.Manifests;

/// <summary>One table of a commit.</summary>
/// <param name="Document"><paramref name="Next"/> as Redis holds it.</param>
/// <param name="Target">Head of the table afterwards.</param>
/// <param name="Head">Head of the table before; null for none.</param>
internal sealed record TableSwap(TableManifest Next, byte[] Document, TableHead Target, TableHead? Head)
{
    public TableId Table => Next.Table;

    public static TableSwap Of(TableManifest next, byte[] document) => new(next, document, TableHead.Of(next.Version, document), null);
}
