using System.Xml.Linq;
using CoupaGateway.Snapshots.Documents;
using Microsoft.AspNetCore.DataProtection.Repositories;

namespace CoupaGateway.Protection;

/// <summary>Keeps Data Protection's key ring in the cache, where all gateways find it.</summary>
internal sealed class DocumentXmlRepository(ISharedDocumentStore documents) : IXmlRepository
{
    private const string Kind = "key-ring";

    // The interface is synchronous; it is asked once a day, and never on a request's own thread but for the very first secret.
    public IReadOnlyCollection<XElement> GetAllElements() =>
        [.. Task.Run(() => documents.ReadAsync(Kind, CancellationToken.None)).GetAwaiter().GetResult().Documents.Values.Select(static text => XElement.Parse(text))];

    public void StoreElement(XElement element, string friendlyName) =>
        Task.Run(() => documents.TryWriteAsync(Kind, friendlyName, expected: null, element.ToString(SaveOptions.DisableFormatting), CancellationToken.None)).GetAwaiter().GetResult();
}
