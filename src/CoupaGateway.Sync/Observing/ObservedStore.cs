using System.Text.Json;
using CoupaGateway.Schema.Observed;
using CoupaGateway.Snapshots.Documents;

namespace CoupaGateway.Sync.Observing;

/// <summary>Keeps what runs of all processes have seen: one shared document for each connection.</summary>
public sealed class ObservedStore(ISharedDocumentStore documents, IDocumentFollower follower, TimeProvider time)
{
    /// <summary>Kind of the documents; the id of each is the connection's name.</summary>
    public const string Kind = "observed";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <summary>Reads a document; none when a newer gateway has written it in another form.</summary>
    public static ObservedKeys Read(string text)
    {
        try
        {
            return JsonSerializer.Deserialize<ObservedKeys>(text, Json) ?? ObservedKeys.None;
        }
        catch (JsonException)
        {
            return ObservedKeys.None;
        }
    }

    /// <summary>Everything that was seen in the records of a connection.</summary>
    public async Task<ObservedKeys> ReadAsync(string connection, CancellationToken cancellationToken) =>
        await documents.ReadOneAsync(Kind, connection, cancellationToken) is { } text ? Read(text) : ObservedKeys.None;

    /// <summary>Takes in what a run saw. When it returns, the schema in force here knows it.</summary>
    public async Task MergeAsync(string connection, RunObservations run, CancellationToken cancellationToken)
    {
        if (run.Keys.IsEmpty && run.Overflow == 0 && !run.IsComplete)
            return;

        while (true)
        {
            var text = await documents.ReadOneAsync(Kind, connection, cancellationToken);
            var known = text is null ? ObservedKeys.None : Read(text);
            var next = known.Merge(run, time.GetUtcNow());
            if (next.Keys.SequenceEqual(known.Keys) && next.Overflow == known.Overflow)
                return;
            if (await documents.TryWriteAsync(Kind, connection, text, JsonSerializer.Serialize(next, Json), cancellationToken))
                break;
        }

        await follower.RefreshAsync(cancellationToken);
    }

    /// <summary>Forgets everything of a connection that is removed.</summary>
    public async Task ForgetAsync(string connection)
    {
        if (await documents.ReadOneAsync(Kind, connection, CancellationToken.None) is { } text)
            await documents.TryWriteAsync(Kind, connection, text, value: null, CancellationToken.None);
    }
}
