using System.Collections.Concurrent;
using System.Net;
using CoupaGateway.Coupa.Http;

namespace CoupaGateway.Coupa.Tests.Fakes;

/// <summary>Every name resolves to what a test says: to the first list of addresses when it is asked for the first time, and so on; then always to the last.</summary>
internal sealed class FakeNames(params string[][] answers) : IHostResolver
{
    private int _next;

    public ConcurrentQueue<string> Asked { get; } = [];

    public Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken)
    {
        Asked.Enqueue(host);
        var answer = answers[Math.Min(Interlocked.Increment(ref _next), answers.Length) - 1];
        return Task.FromResult(answer.Select(IPAddress.Parse).ToArray());
    }
}
