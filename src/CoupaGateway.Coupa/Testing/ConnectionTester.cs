using System.Runtime.CompilerServices;
using CoupaGateway.Coupa.Budgets;
using CoupaGateway.Coupa.Diagnostics;
using CoupaGateway.Coupa.Failures;
using Microsoft.Extensions.Logging;

namespace CoupaGateway.Coupa.Testing;

internal sealed class ConnectionTester(
    IEnumerable<IConnectionTestStep> steps, IHttpClientFactory http, IRequestBudgetProvider budgets, TimeProvider time, CoupaMetrics metrics, ILogger<ConnectionTester> logger)
    : IConnectionTester
{
    /// <summary>A minute, and what the answer needs to get out.</summary>
    internal static readonly TimeSpan Longest = TimeSpan.FromSeconds(57);

    public async IAsyncEnumerable<TestStepResult> RunAsync(ConnectionTestContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (context.Tenant is { } tenant)
            context.Clients = new TestClients(tenant, http, budgets, time, metrics, logger);

        using var timeout = new CancellationTokenSource(Longest, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        var stopped = false;
        foreach (var step in steps.OrderBy(static step => step.Order))
        {
            if (stopped)
            {
                yield return new TestStepResult(step.Name, new TestFinding(TestState.Skipped, TestCodes.Skipped, "Not tried."), TimeSpan.Zero);
                continue;
            }

            await using var findings = step.RunAsync(context, either.Token).GetAsyncEnumerator(either.Token);
            while (true)
            {
                var start = time.GetTimestamp();
                if (await NextAsync(step, findings, timeout.Token, cancellationToken) is not { } finding)
                    break;

                stopped |= finding.Stops;
                yield return new TestStepResult(step.Name, finding, time.GetElapsedTime(start));
                if (stopped)
                    break;
            }
        }
    }

    /// <returns>Null at the end of the step.</returns>
    private async Task<TestFinding?> NextAsync(IConnectionTestStep step, IAsyncEnumerator<TestFinding> findings, CancellationToken timeout, CancellationToken caller)
    {
        try
        {
            return await findings.MoveNextAsync() ? findings.Current : null;
        }
        catch (CoupaException error)
        {
            return TestFinding.Stop(error.Code, error.Message);
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested && !caller.IsCancellationRequested)
        {
            return TestFinding.Stop(TestCodes.TimeOver, "The test took a minute and was ended here.");
        }
        catch (Exception error) when (!caller.IsCancellationRequested)
        {
            Log.TestStepFailed(logger, step.Name, error);
            return TestFinding.Stop(TestCodes.Internal, "The step itself failed; the gateway's log says why.");
        }
    }
}
