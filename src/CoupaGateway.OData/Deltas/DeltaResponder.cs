using System.Buffers;
using System.Text;
using CoupaGateway.OData.Feed;
using CoupaGateway.OData.Formats;
using CoupaGateway.OData.Paging;
using CoupaGateway.OData.Resources;
using CoupaGateway.OData.Rows;

namespace CoupaGateway.OData.Deltas;

/// <summary>Answers delta links: rows that are new or different, rows that left the client's result, and rows that are gone, one after the other, in pages.</summary>
internal sealed class DeltaResponder(DeltaQueryFactory factory, DeltaReader reader, IJsonRowsWriter writer)
{
    public async Task RespondAsync(FeedRequest request, RowTarget target, ResponseFormat format, CancellationToken cancellationToken)
    {
        var delta = await factory.CreateAsync(request, target, format, cancellationToken);
        var (part, row) = (delta.Rows.Token?.Part ?? DeltaPart.Changed, delta.Rows.Token?.Offset ?? 0);
        var size = delta.Rows.PageSize;
        var opened = await reader.OpenAsync(request, delta, part, size, row, isFirst: true, cancellationToken);
        try
        {
            if (Preconditions.IsAnyKnown(request.Http))
                return;

            CollectionResponder.Begin(request, format, size, tracks: true);
            if (request.IsHead)
                return;

            var output = request.Http.Response.BodyWriter;
            output.Write(Encoding.UTF8.GetBytes(CollectionResponder.Head(request, $"{delta.WithKey().Context}/$delta", format, count: null, delta.Rows.Snapshot)));
            var left = size;
            while (part < DeltaPart.Count && left > 0)
            {
                var written = opened is null ? null : await writer.WriteAsync(opened.Rows, output, opened.Format, left, tokenColumns: [], cancellationToken);
                left -= (int)(written?.Count ?? 0);
                (part, row) = written?.More == true ? (part, row + written.Count) : (part + 1, 0);
                opened?.Dispose();
                opened = part < DeltaPart.Count && left > 0 ? await reader.OpenAsync(request, delta, part, left, row, isFirst: left == size, cancellationToken) : null;
            }

            output.Write(Encoding.UTF8.GetBytes($"],{Link(request, delta, part, row)}}}"));
            await output.FlushAsync(cancellationToken);
        }
        finally
        {
            opened?.Dispose();
        }
    }

    private static string Link(FeedRequest request, DeltaQuery delta, int part, long row)
    {
        var manifest = delta.Rows.Snapshot.Manifest;
        return part == DeltaPart.Count
            ? CollectionResponder.DeltaLink(request, manifest)
            : CollectionResponder.NextLink(request, SkipTokenCodec.TryEncode(new SkipToken
            {
                Version = manifest.Version,
                Query = delta.Rows.Name,
                PageSize = delta.Rows.PageSize,
                Offset = row,
                Part = part,
                Until = delta.Until,
            })!);
    }
}
