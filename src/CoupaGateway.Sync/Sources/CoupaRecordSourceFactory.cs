using CoupaGateway.Coupa;
using CoupaGateway.Coupa.Clocks;
using CoupaGateway.Schema;
using CoupaGateway.Sync.Connections;

namespace CoupaGateway.Sync.Sources;

/// <summary>Reads records from the connection's tenant.</summary>
internal sealed class CoupaRecordSourceFactory(ICoupaClientFactory clients, IInstanceClocks clocks) : IRecordSourceFactory
{
    public IRecordSource Create(ConnectionConfig connection, TableSchema apiTable, RecordQuery query) =>
        new CoupaRecordSource(clients.Create(connection.Tenant), clocks, apiTable, query, connection.Schedule.PriorityOf(apiTable.Name));
}
