#!/usr/bin/env python3
"""kubectl get --raw /openapi/v2 | ./extract.py > kubernetes.schema

A line for each type, and below it one for each of its fields: name, type, how lists are merged.
"""
import json, sys

doc = json.load(sys.stdin)
defs = doc['definitions']
ROOTS = {'': ('Namespace Node PersistentVolume Pod Service PersistentVolumeClaim ConfigMap Secret Event ServiceAccount ResourceQuota', 'io.k8s.api.core.v1.'),
         'apps': ('Deployment ReplicaSet', 'io.k8s.api.apps.v1.'), 'net': ('NetworkPolicy', 'io.k8s.api.networking.v1.'),
         'lease': ('Lease', 'io.k8s.api.coordination.v1.'), 'rbac': ('Role RoleBinding', 'io.k8s.api.rbac.v1.'), 'storage': ('StorageClass', 'io.k8s.api.storage.v1.'), 'scale': ('Scale', 'io.k8s.api.autoscaling.v1.')}
SCALARS = {'io.k8s.apimachinery.pkg.api.resource.Quantity': 'quantity', 'io.k8s.apimachinery.pkg.util.intstr.IntOrString': 'intorstring',
           'io.k8s.apimachinery.pkg.apis.meta.v1.Time': 'time', 'io.k8s.apimachinery.pkg.apis.meta.v1.MicroTime': 'time',
           'io.k8s.apimachinery.pkg.apis.meta.v1.FieldsV1': 'any', 'io.k8s.apimachinery.pkg.runtime.RawExtension': 'any'}
seen, queue, names = {}, [], {}

def name(ref):
    short = ref.split('.')[-1]
    if names.setdefault(short, ref) != ref:      # two groups have a type of the same name
        short = ref.split('.')[-3].capitalize() + short
        names[short] = ref
    return short

def type_of(p):
    if '$ref' in p:
        ref = p['$ref'].split('/')[-1]
        if ref in SCALARS: return SCALARS[ref]
        if 'properties' not in defs[ref]: return 'any'
        if ref not in seen: seen[ref] = None; queue.append(ref)
        return name(ref)
    if p.get('type') == 'array': return '[%s]' % type_of(p['items'])
    if p.get('type') == 'object': return '{%s}' % type_of(p['additionalProperties']) if 'additionalProperties' in p else 'any'
    return p.get('type', 'any')

for kinds, prefix in ROOTS.values():
    for k in kinds.split(): seen[prefix + k] = None; queue.append(prefix + k); name(prefix + k)
while queue:
    ref = queue.pop(0); d = defs[ref]; out = []
    for f, p in sorted(d['properties'].items()):
        marks = []
        if 'x-kubernetes-list-map-keys' in p: marks.append('key=' + ','.join(p['x-kubernetes-list-map-keys']))
        elif p.get('x-kubernetes-list-type') == 'set': marks.append('set')
        elif p.get('type') == 'array' and 'x-kubernetes-list-type' not in p and 'merge' in p.get('x-kubernetes-patch-strategy', ''):   # apply goes by the patch's key then
            marks.append('key=' + p['x-kubernetes-patch-merge-key'] if 'x-kubernetes-patch-merge-key' in p else 'set')
        if p.get('x-kubernetes-map-type') == 'atomic': marks.append('atomic')
        if 'x-kubernetes-patch-merge-key' in p: marks.append('patch=' + p['x-kubernetes-patch-merge-key'])
        elif p.get('x-kubernetes-patch-strategy') == 'merge' and p.get('type') == 'array': marks.append('patchset')
        if f == 'protocol' and ref.endswith(('.ContainerPort', '.ServicePort')): marks.append('default=TCP')   # the description leaves it out
        if f in d.get('required', []): marks.append('required')
        out.append('  ' + ' '.join([f, type_of(p)] + marks))
    seen[ref] = (name(ref) + (' atomic' if d.get('x-kubernetes-map-type') == 'atomic' else ''), out)
print('# Made by extract.py from the API description of Kubernetes %s.' % doc['info']['version'])
for head, out in sorted(seen.values()): print('\n'.join([head] + out))
