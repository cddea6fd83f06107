using CoupaGateway.OData.Errors;
using CoupaGateway.OData.Feed;
using CoupaGateway.OData.Translation;
using Microsoft.OData.UriParser;

namespace CoupaGateway.OData.Resources;

/// <summary>Answers everything that begins with an entity set: looks for the rows on the way, then hands on.</summary>
internal sealed class ResourceResponder(
    CollectionQueryFactory factory, RowCounter counter, CollectionResponder collections, EntityResponder entities, CountResponder counts, PropertyResponder properties)
{
    public async Task RespondAsync(FeedRequest request, ODataPath path, CancellationToken cancellationToken)
    {
        var resource = ResourcePath.Resolve(path);
        foreach (var above in resource.Above)
            await ExpectAsync(request, above, cancellationToken);

        var isReference = resource.Part == ResourcePart.References;
        await (resource switch
        {
            { Part: ResourcePart.Count } => counts.RespondAsync(request, resource.Target, cancellationToken),
            { Property: { } property } => properties.RespondAsync(request, resource.Target, property.Name, isRaw: resource.Part == ResourcePart.Value, cancellationToken),
            { IsSingle: true } => entities.RespondAsync(request, resource.Target, isReference, cancellationToken),
            _ => collections.RespondAsync(request, resource.Target, isReference, cancellationToken),
        });
    }

    /// <exception cref="FeedException">404: the row is not there.</exception>
    private async ValueTask ExpectAsync(FeedRequest request, RowTarget row, CancellationToken cancellationToken)
    {
        var table = request.Model.TableOf(row.Set.EntityType);
        var parameters = new SqlParameters();
        var rows = new RowCondition
        {
            Snapshot = factory.Current(request, table),
            Filter = row.Condition(RowReference.Of(table, RowReference.MainAlias), parameters),
            Keys = row.Keys,
            Parameters = parameters,
        };
        if (await counter.CountAsync(rows, cancellationToken) == 0)
            throw EntityResponder.NotThere(row);
    }
}
