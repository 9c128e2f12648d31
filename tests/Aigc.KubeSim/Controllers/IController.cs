using Aigc.KubeSim.Objects;

namespace Aigc.KubeSim.Controllers;

/// <summary>Brings the cluster nearer to what an object wants; called again whenever something it concerns changes.</summary>
internal interface IController
{
    /// <summary>The objects to look at because of this change.</summary>
    IEnumerable<ObjectKey> Concerns(Change change);

    /// <returns>When to look again without a change; null: not.</returns>
    TimeSpan? Reconcile(ObjectKey key);
}
