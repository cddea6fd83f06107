using System.Net.Security;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using CoupaGateway.Coupa.Failures;
using CoupaGateway.Coupa.Http;
using Microsoft.Extensions.Options;

namespace CoupaGateway.Coupa.Testing.Steps;

/// <summary>A TCP connection and TLS can be had, with a certificate that is good for a while.</summary>
internal sealed class TransportStep(OutboundGuard guard, IOptions<OutboundOptions> options, TimeProvider time) : IConnectionTestStep
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Soon = TimeSpan.FromDays(21);

    public string Name => "transport";

    public int Order => 30;

    public async IAsyncEnumerable<TestFinding> RunAsync(ConnectionTestContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        yield return options.Value.Proxy is { } proxy
            ? TestFinding.Ok($"The proxy {proxy.Authority} makes the connection.")
            : await ConnectAsync(context.Checked.Instance, either.Token, cancellationToken);
    }

    private async Task<TestFinding> ConnectAsync(Uri instance, CancellationToken either, CancellationToken caller)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(await guard.ResolveAsync(instance.IdnHost, either), instance.Port, either);
        }
        catch (OutboundRefusedException refused)
        {
            return TestFinding.Stop(CoupaFailureCodes.CodeOf(CoupaFailure.AddressRefused), refused.Message);
        }
        catch (Exception error) when (error is SocketException || (error is OperationCanceledException && !caller.IsCancellationRequested))
        {
            return TestFinding.Stop(CoupaFailureCodes.CodeOf(CoupaFailure.Unreachable), $"No connection with {instance.Authority} can be made.");
        }

        return instance.Scheme == Uri.UriSchemeHttps
            ? await EncryptAsync(instance, socket, either, caller)
            : TestFinding.Ok($"Connected with {instance.Authority}, without encryption: this machine only.");
    }

    private async Task<TestFinding> EncryptAsync(Uri instance, Socket socket, CancellationToken either, CancellationToken caller)
    {
        // What is wrong with the certificate is told by the check alone; its verdict stands.
        var faults = SslPolicyErrors.None;
        await using var stream = new SslStream(new NetworkStream(socket), leaveInnerStreamOpen: false, (_, _, _, errors) => (faults = errors) == SslPolicyErrors.None);
        try
        {
            await stream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = instance.IdnHost }, either);
        }
        catch (Exception error) when (error is AuthenticationException or IOException or SocketException || (error is OperationCanceledException && !caller.IsCancellationRequested))
        {
            var reason = faults switch
            {
                SslPolicyErrors.None => "the two sides cannot agree on TLS",
                var names when names.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch) => "its certificate is made for another name",
                _ => "its certificate is not trusted here, or has expired",
            };
            return TestFinding.Stop(CoupaFailureCodes.CodeOf(CoupaFailure.TlsFailed), $"No TLS connection with {instance.Authority}: {reason}.");
        }

        using var certificate = new X509Certificate2(stream.RemoteCertificate!);
        var expiry = certificate.NotAfter.ToUniversalTime();
        var found = $"{stream.SslProtocol}, certificate until {expiry:yyyy-MM-dd}.";
        return expiry - time.GetUtcNow().UtcDateTime < Soon
            ? new TestFinding(TestState.Warning, TestCodes.CertificateExpiresSoon, found)
            : TestFinding.Ok(found);
    }
}
