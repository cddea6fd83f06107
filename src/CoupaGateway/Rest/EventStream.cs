using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;

namespace CoupaGateway.Rest;

/// <summary>Server-sent events (WHATWG HTML, section 9.2) that begin at once: whoever listens knows that he does, also while there is nothing to tell.</summary>
internal static class EventStream
{
    public const string ContentType = "text/event-stream";

    public static IResult Of<T>(HttpContext context, IAsyncEnumerable<SseItem<T>> events) =>
        TypedResults.ServerSentEvents(BeginAsync(context, events, context.RequestAborted));

    private static async IAsyncEnumerable<SseItem<T>> BeginAsync<T>(
        HttpContext context, IAsyncEnumerable<SseItem<T>> events, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // The framework sends the headers with the first event.
        await context.Response.Body.FlushAsync(cancellationToken);
        await foreach (var item in events.WithCancellation(cancellationToken))
            yield return item;
    }
}
