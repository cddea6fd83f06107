using System.Collections.Concurrent;
using System.Diagnostics;
using CoupaGateway.OData.Rows;
using DuckDB.NET.Native;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CoupaGateway.OData.Tests.Feed;

/// <summary>Values of rows and of queries stay where they belong.</summary>
public sealed class SecrecyTests
{
    private const string InRow = "planted-in-a-row-4711";
    private const string InQuery = "planted-in-the-query-4712";

    [Theory]
    [InlineData("cast(b,Edm.Int64) eq 1", false)]
    [InlineData($"cast(b,Edm.DateTimeOffset) gt 2026-01-01T00:00:00Z or b eq '{InQuery}'", false)]
    [InlineData($"cast('{InQuery}',Edm.Int64) eq a", true)]
    [InlineData($"matchesPattern(b,'({InQuery}')", true)]
    [InlineData($"b eq '{InQuery}' and a div 0 eq 1", false)]
    [InlineData($"colour eq '{InQuery}'", true)]
    public async Task A_failing_query_shows_values_in_no_log_trace_or_answer(string filter, bool isEchoAllowed)
    {
        using var logs = new Catcher();
        var traces = new ConcurrentQueue<string>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = static _ => true,
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity => traces.Enqueue(
                $"{activity.DisplayName} {string.Join(' ', activity.TagObjects)} {string.Join(' ', activity.Events.SelectMany(static item => item.Tags))}"),
        };
        ActivitySource.AddActivityListener(listener);
        await using var feed = await FeedFixture.StartAsync(services => services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(logs)));
        await feed.LoadAsync(TestTables.Values, $"VALUES (1, 2, '{InRow}', NULL, NULL, NULL, NULL)", chunkRows: 10);

        foreach (var path in new[] { "values?$filter=", "values/$count?$filter=", "values?$count=true&$filter=" })
        {
            using var response = await feed.GetAsync(path + Uri.EscapeDataString(filter));
            var body = await response.Content.ReadAsStringAsync(FeedFixture.Stop);
            Assert.True((int)response.StatusCode < 500, body);
            if ((int)response.StatusCode >= 400)
            {
                Assert.DoesNotContain(InRow, body, StringComparison.Ordinal);
                Assert.True(isEchoAllowed || !body.Contains(InQuery, StringComparison.Ordinal), body);
            }
        }

        Assert.NotEmpty(logs.Lines);
        Assert.All(logs.Lines.Concat(traces), static line =>
        {
            Assert.DoesNotContain(InRow, line, StringComparison.Ordinal);
            Assert.DoesNotContain(InQuery, line, StringComparison.Ordinal);
        });
    }

    [Theory]
    [InlineData("Conversion", false)]
    [InlineData("OutOfRange", false)]
    [InlineData("InvalidInput", false)]
    [InlineData("Constraint", false)]
    [InlineData("Invalid", false)]
    [InlineData("Binder", true)]
    public void The_engine_s_own_words_are_kept_only_where_they_speak_of_no_data(string type, bool kept)
    {
        var error = QueryErrors.FromDuckDb(Enum.Parse<DuckDBErrorType>(type), InRow);

        Assert.Equal(kept, error.ToString().Contains(InRow, StringComparison.Ordinal));
    }

    private sealed class Catcher : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> Lines { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull
        {
            Lines.Enqueue($"{state}");
            return null;
        }

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Enqueue($"{formatter(state, exception)} {exception}");

        public void Dispose()
        {
        }
    }
}
