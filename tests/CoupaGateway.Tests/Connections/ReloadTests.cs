using CoupaGateway.Connections;
using CoupaGateway.Snapshots.Tests.Servers;
using CoupaGateway.Tests.Hosting;

namespace CoupaGateway.Tests.Connections;

public sealed class ReloadTests
{
    [Fact]
    public async Task Changed_files_are_picked_up_and_a_faulty_change_is_refused_as_a_whole()
    {
        var folder = Directory.CreateTempSubdirectory("cg-secrets-");
        void Write(string name, string value) => File.WriteAllText(Path.Combine(folder.FullName, name), value);
        Write("Connections__acme__Instance", "https://acme.coupahost.com");
        Write("Connections__acme__ClientId", "gateway");
        Write("Connections__acme__ClientSecret", "one");
        try
        {
            await using var host = await GatewayHost.StartAsync(arguments: [$"--SecretsFolder={folder.FullName}"]);
            var connections = host.Get<IConnectionDefinitions>();
            var first = connections.Find("acme");
            Assert.NotNull(first);

            Write("Connections__acme__ClientSecret", "two");
            await Eventually.TrueAsync(() => Task.FromResult(!ReferenceEquals(first, connections.Find("acme"))));
            Assert.NotEqual(first.Tenant, connections.Find("acme")!.Tenant);

            Write("Connections__acme__Instance", "ftp://nowhere");
            Write("Connections__other__Instance", "https://other.coupahost.com");
            await Eventually.TrueAsync(() => Task.FromResult(host.Logs.Lines.Any(static line => line.StartsWith("5301 ", StringComparison.Ordinal))));
            Assert.NotNull(connections.Find("acme"));
            Assert.Null(connections.Find("other"));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
