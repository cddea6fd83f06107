using System.Globalization;
using CoupaGateway.Coupa.Testing;
using CoupaGateway.Snapshots.Redis;
using CoupaGateway.Snapshots.Redis.Inspection;

namespace CoupaGateway.Connections.Testing;

/// <summary>The cache can be reached and suits the gateway.</summary>
internal sealed class CacheStep(ICacheServer cache) : IConnectionTestStep
{
    public string Name => "cache";

    public int Order => 110;

    public async IAsyncEnumerable<TestFinding> RunAsync(ConnectionTestContext context, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        yield return await LookAsync(cancellationToken);
    }

    private async Task<TestFinding> LookAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (await cache.InspectAsync(cancellationToken) is [var worst, ..])
                return Translate(worst);

            var ping = await (await cache.ConnectAsync(cancellationToken)).GetDatabase().PingAsync();
            return TestFinding.Ok(string.Create(CultureInfo.InvariantCulture, $"The cache answers in {ping.TotalMilliseconds:0.0} ms and has room."));
        }
        catch (Exception error) when (error is CacheUnavailableException || CacheFailures.IsTransient(error))
        {
            return TestFinding.Stop(TestCodes.CacheUnavailable, "The cache does not answer.");
        }
    }

    private static TestFinding Translate(CacheFinding finding)
    {
        var code = finding.Code switch
        {
            CacheCodes.Unreachable or CacheCodes.TlsFailed or CacheCodes.AuthenticationFailed => TestCodes.CacheUnavailable,
            CacheCodes.LowOnMemory => TestCodes.CacheLowOnSpace,
            _ => TestCodes.CacheUnfit,
        };
        var found = $"{finding.Found} {finding.Advice}";
        return finding.IsError ? TestFinding.Stop(code, found) : new TestFinding(TestState.Warning, code, found);
    }
}
