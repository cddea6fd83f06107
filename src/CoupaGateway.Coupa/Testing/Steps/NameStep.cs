using System.Net.Sockets;
using System.Runtime.CompilerServices;
using CoupaGateway.Coupa.Failures;
using CoupaGateway.Coupa.Http;
using Microsoft.Extensions.Options;

namespace CoupaGateway.Coupa.Testing.Steps;

/// <summary>The host's name resolves, to addresses on the internet.</summary>
internal sealed class NameStep(OutboundGuard guard, IOptions<OutboundOptions> options) : IConnectionTestStep
{
    public string Name => "name";

    public int Order => 20;

    public async IAsyncEnumerable<TestFinding> RunAsync(ConnectionTestContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        yield return options.Value.Proxy is { } proxy
            ? TestFinding.Ok($"The proxy {proxy.Authority} resolves the name.")
            : await ResolveAsync(context.Checked.Instance.IdnHost, cancellationToken);
    }

    private async Task<TestFinding> ResolveAsync(string host, CancellationToken cancellationToken)
    {
        try
        {
            var addresses = await guard.ResolveAsync(host, cancellationToken);
            return TestFinding.Ok($"{host} resolves to {string.Join(", ", addresses.Take(4))}.");
        }
        catch (SocketException)
        {
            return TestFinding.Stop(CoupaFailureCodes.CodeOf(CoupaFailure.NameNotResolved), $"{host} does not resolve.");
        }
        catch (OutboundRefusedException refused)
        {
            return TestFinding.Stop(CoupaFailureCodes.CodeOf(CoupaFailure.AddressRefused), refused.Message);
        }
    }
}
