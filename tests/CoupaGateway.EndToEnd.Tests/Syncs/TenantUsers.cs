using System.Text.Json.Nodes;
using CoupaGateway.Sandbox;

namespace CoupaGateway.EndToEnd.Tests.Syncs;

/// <summary>Changes a tenant as its users do: invoices and their lines come, change and go.</summary>
internal sealed class TenantUsers(SandboxControl control, int seed)
{
    private readonly Random _random = new(seed);

    public void Change(int times)
    {
        for (var i = 0; i < times; i++)
            ChangeOnce();
    }

    /// <summary>Goes on until it is told to end.</summary>
    public async Task ChangeUntilAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            Change(1);
            await Task.Delay(10, CancellationToken.None);
        }
    }

    private void ChangeOnce()
    {
        var ids = control.Ids("invoices").ToArray();
        var id = ids[_random.Next(ids.Length)];
        switch (_random.Next(6))
        {
            case 0:
                control.Create("invoices", [], like: id);
                break;
            case 1:
                control.Delete("invoices", id);
                break;
            case 2:
                control.AddChild("invoices", id, "invoice-lines", new JsonObject { ["description"] = Text() });
                break;
            case 3:
                control.Update("invoices", id, new JsonObject { ["invoice-lines"] = new JsonArray() });
                break;
            default:
                control.Update("invoices", id, new JsonObject { ["status"] = Text() });
                break;
        }
    }

    private string Text() => $"text {_random.Next(1_000_000)}";
}
