"""Desktops of meetings on EC2, seen in the browser through Amazon DCV.

Each is an instance of our launch template (deploy/aws/desktops.yaml) from an image that
deploy/aws/desktop-image.yaml builds. What it is for stands in its tags; what it needs to know, in
its user data. Its name is `<instance id>.<domain>`, a proxied record at Cloudflare.

Each part with what its function needs; settings.py names the settings:

- provider.Ec2Desktops: RunInstances, CreateTags, DescribeInstances and TerminateInstances of EC2,
  PassRole of the instances' role, GetParameter of SSM.
- probe.DesktopProbe: to reach Cloudflare, or the machines where it asks them directly.
- quota.read_capacity: GetServiceQuota of Service Quotas, DescribeInstanceTypes of EC2, and the same
  GetParameter.
- cloudflare.CloudflareRoutes: the package `desktops` (tools/build_lambda.py), the token's secret.
- doors.DcvDoors: nothing.
- files.S3DesktopFiles: the bucket of desktops: to list it, get below `given/`, put below
  `take-home/`.

What machines ask (meetings/desktops/machines.py) needs the key of links and the stores of meetings.
deploy/aws/inventory/desktops.py has the rights, hosts/lambdas/meetings/ec2_desktops.py puts the
parts together.
"""
